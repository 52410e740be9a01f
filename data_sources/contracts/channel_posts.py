"""Posts of the province's official channel; a post is told again as its views grow."""

from __future__ import annotations

from data_sources.contracts.common import DAY, UNIT, count
from data_sources.contracts.model import Choice, Column, Contract, Measure

POST_KINDS = (
    Choice(
        value="bulletin",
        vi="Bản tin",
        en="Bulletin",
        written_as=("ban tin", "ban tin ngay", "ban tin dich", "thong cao", "ban tin covid"),
    ),
    Choice(value="flash", vi="Tin nhanh", en="Flash", written_as=("tin nhanh", "khan", "thong bao khan", "tin khan")),
    Choice(value="other", vi="Bài khác", en="Other post", written_as=("khac", "bai viet", "huong dan", "infographic")),
)

CHANNEL_POSTS = Contract(
    dataset="channel_posts",
    vi="Bài đăng kênh chính thức",
    en="Official channel posts",
    grain="post",
    key=("post_id",),
    columns=(
        Column(
            name="post_id", type="code", vi="Mã bài", en="Post", required=True, headers=("ma bai", "ma tin", "id bai")
        ),
        UNIT,
        DAY,
        Column(
            name="kind",
            type="choice",
            vi="Loại bài",
            en="Kind of post",
            choices=POST_KINDS,
            default="other",
            headers=("loai bai", "loai tin", "loai"),
        ),
        Column(
            name="published_at",
            type="time",
            vi="Đăng lúc",
            en="Published at",
            required=True,
            headers=("dang luc", "gio dang", "thoi gian dang"),
        ),
        count("followers", "Người quan tâm kênh", "Followers", headers=("nguoi quan tam", "nguoi theo doi", "follow")),
        count("views", "Lượt xem", "Views", headers=("luot xem", "so luot xem", "nguoi xem")),
        count("shares", "Lượt chia sẻ", "Shares", headers=("luot chia se", "chia se")),
    ),
    measures=(
        Measure(name="posts", kind="flow", expression="1", vi="Bài đăng", en="Posts", dated_by="published_at"),
        Measure(name="views", kind="flow", expression="views", vi="Lượt xem", en="Views", dated_by="published_at"),
        Measure(
            name="shares", kind="flow", expression="shares", vi="Lượt chia sẻ", en="Shares", dated_by="published_at"
        ),
        Measure(
            name="followers_by_post",
            kind="flow",
            expression="followers",
            vi="Người quan tâm, cộng theo bài",
            en="Followers, added up over posts",
            dated_by="published_at",
        ),
        Measure(
            name="posts_with_followers",
            kind="flow",
            expression="CASE WHEN followers IS NOT NULL THEN 1 END",
            vi="Bài có ghi số người quan tâm",
            en="Posts whose followers are stated",
            dated_by="published_at",
        ),
        Measure(
            name="bulletin_age_hours",
            kind="published",
            expression="NULL",
            vi="Giờ từ bản tin gần nhất đến hết ngày",
            en="Hours from the newest bulletin to the end of the day",
            derived=True,
        ),
    ),
    cuts=((), ("kind",)),
    line_list=True,
    joins=True,
    shown=("post_id", "unit", "day", "kind", "published_at", "followers", "views", "shares"),
    example={
        "post_id": "ZOA-000231",
        "unit": "77",
        "day": "2021-08-21",
        "kind": "bulletin",
        "published_at": "2021-08-21T18:30:00+07:00",
        "followers": "184210",
        "views": "61240",
        "shares": "2210",
    },
)
