-- The tables that the two queries of config.toml read; the software's own database has many more.
CREATE TABLE huyen (ma TEXT PRIMARY KEY, ma_tinh TEXT NOT NULL, ten TEXT NOT NULL);

CREATE TABLE ca_benh (
    ma_ca TEXT PRIMARY KEY, phan_loai TEXT, ma_ca_nguon TEXT, ma_huyen TEXT REFERENCES huyen, xa TEXT,
    ngay_bao_cao DATE, noi_phat_hien TEXT, ngay_khoi_phat DATE, lay_mau_luc TIMESTAMPTZ, co_ket_qua_luc TIMESTAMPTZ,
    cach_ly_luc TIMESTAMPTZ, tinh_trang TEXT, tuoi SMALLINT, gioi_tinh TEXT, ho_ten TEXT, dien_thoai TEXT,
    cap_nhat_luc TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ca_benh_cap_nhat ON ca_benh (cap_nhat_luc);

CREATE TABLE khu_cach_ly (id BIGSERIAL PRIMARY KEY, ma_huyen TEXT REFERENCES huyen, ten TEXT, suc_chua INTEGER);
CREATE TABLE khu_cach_ly_ngay (
    id BIGSERIAL PRIMARY KEY, khu BIGINT REFERENCES khu_cach_ly, ngay DATE, hien_co INTEGER, moi_vao INTEGER,
    hoan_thanh INTEGER, so_f0 INTEGER, nop_luc TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- The role that Toàn Cảnh signs in as: it may read these tables and nothing else.
CREATE ROLE toancanh_reader LOGIN PASSWORD 'change-me';
GRANT SELECT ON huyen, ca_benh, khu_cach_ly, khu_cach_ly_ngay TO toancanh_reader;
