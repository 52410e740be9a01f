"""The settings of the demonstration read every feed as it is written."""

from __future__ import annotations

from data_sources.contracts import CONTRACTS
from data_sources.demo import DEMO_SETTINGS
from data_sources.demo.feeds import FEEDS, ISSUED_AT
from data_sources.demo.places import NUMBER_OF
from data_sources.settings import load


def test_the_settings_are_those_of_a_demonstration() -> None:
    settings = load(DEMO_SETTINGS)
    assert settings.demonstration
    assert (settings.province.code, settings.province.level) == ("77", "district")
    assert len(NUMBER_OF) == 8


def test_every_dataset_that_exists_has_a_feed() -> None:
    assert {source.dataset for source in load(DEMO_SETTINGS).sources} == set(CONTRACTS)


def test_the_settings_name_every_feed_s_address_headers_and_words() -> None:
    sources = {source.name: source for source in load(DEMO_SETTINGS).sources}
    assert set(sources) == {feed.name for feed in FEEDS}
    for feed in FEEDS:
        source = sources[feed.name]
        assert source.title
        assert source.dataset == feed.dataset
        assert source.http is not None
        assert source.http.url == "${TOANCANH_DEMO_URL}" + feed.path
        assert source.http.auth == "env:TOANCANH_DEMO_TOKEN"
        assert source.http.until_parameter == "updated_until"
        headers = {ours: theirs for ours, theirs in feed.headers.items() if ours != ISSUED_AT}
        assert source.columns == headers
        assert source.issued_column == feed.headers[ISSUED_AT]
        assert source.choices == {
            column: {theirs: ours for ours, theirs in words.items()} for column, words in feed.words.items()
        }
        assert source.unit_level == ("province" if feed.national or feed.whole_province else None)
        assert source.constants == ({"unit": "77"} if feed.whole_province else {})
        assert source.read.date_format == ("%d/%m/%Y" if feed.day_format == "dd/mm/yyyy" else None)
        assert source.read.decimal == ("," if feed.grouped_numbers else None)
        increments = source.http.cursor_parameter == "updated_after"
        assert increments == (feed.format == "json") == (not source.complete)
        assert (source.http.page_parameter == "page") == increments
