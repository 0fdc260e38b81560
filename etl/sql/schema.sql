-- Every table of a snapshot, in the order it is filled. `--` behind a column is its meaning in the data dictionary.

CREATE TABLE dim_linh_vuc (          -- one row a field
    linh_vuc_id VARCHAR PRIMARY KEY, -- kinh_te, van_hoa_xa_hoi, ..., khac, chua_phan
    label VARCHAR NOT NULL,          -- tên lĩnh vực
    position INTEGER NOT NULL,       -- thứ tự hiển thị
    colour VARCHAR NOT NULL,         -- màu trên mọi biểu đồ
    short_label VARCHAR NOT NULL,    -- tên ngắn dùng trên biểu đồ
    definition VARCHAR NOT NULL      -- nội dung lĩnh vực
);
CREATE TABLE dim_don_vi (            -- one row a unit that may send returns
    don_vi_id VARCHAR PRIMARY KEY,   -- mã đơn vị
    label VARCHAR NOT NULL,          -- tên ngắn
    kind VARCHAR NOT NULL,           -- huyen, thi_xa, thanh_pho, dang_bo_truc_thuoc, co_quan_tinh, cum
    gso_code VARCHAR,                -- mã danh mục hành chính
    terrain VARCHAR,                 -- dong_bang, mien_nui
    valid_from DATE,                 -- ngày đầu tồn tại (trống: từ trước kỳ theo dõi)
    valid_to DATE,                   -- ngày cuối tồn tại (trống: chưa rõ hoặc còn)
    successor_id VARCHAR,            -- đơn vị kế thừa
    tile_row INTEGER,                -- hàng trên bản đồ ô
    tile_col INTEGER,                -- cột trên bản đồ ô
    full_label VARCHAR NOT NULL,     -- tên đầy đủ
    note VARCHAR NOT NULL            -- chỗ các nguồn không thống nhất
);
CREATE TABLE dim_don_vi_year (       -- one row a unit and year
    don_vi_id VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    commune_count INTEGER,           -- số xã, phường, thị trấn
    population BIGINT,               -- dân số (chỉ năm 2019)
    note VARCHAR NOT NULL,           -- nguồn, chỗ suy ra
    PRIMARY KEY (don_vi_id, year)
);
CREATE TABLE dim_indicator (         -- one row an indicator
    indicator_id VARCHAR PRIMARY KEY,
    label VARCHAR NOT NULL,
    unit_label VARCHAR NOT NULL,     -- đơn vị tính
    by_linh_vuc BOOLEAN NOT NULL,    -- có chia theo lĩnh vực
    aggregation VARCHAR NOT NULL,    -- flow: cộng qua các năm; stock: lấy số cuối kỳ
    definition VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    short_label VARCHAR NOT NULL
);
CREATE TABLE dim_event (             -- one row a dated event drawn on charts of years
    event_id VARCHAR PRIMARY KEY,
    from_on DATE NOT NULL,
    to_on DATE,
    kind VARCHAR NOT NULL,           -- phong_trao, tong_ket, dia_gioi, dich_benh, to_chuc
    label VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    legal_basis VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,     -- high, medium, low
    note VARCHAR NOT NULL
);
CREATE TABLE dim_threshold (         -- one row a threshold: rule and level
    rule VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    unit VARCHAR NOT NULL,
    label VARCHAR NOT NULL,          -- tên ngưỡng
    decided_by VARCHAR NOT NULL,
    decided_on DATE NOT NULL,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (rule, level)
);
CREATE TABLE dim_deadline (          -- one row a period kind
    period_kind VARCHAR PRIMARY KEY,
    due_month INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_on DATE NOT NULL,
    reason VARCHAR NOT NULL
);
CREATE TABLE dim_source (            -- one row a published source
    source_id VARCHAR PRIMARY KEY,
    label VARCHAR NOT NULL,
    published_on DATE,
    note VARCHAR NOT NULL
);
CREATE TABLE dim_measure (           -- one row a published measure that is no indicator of ours
    measure_id VARCHAR PRIMARY KEY,
    label VARCHAR NOT NULL,
    unit_label VARCHAR NOT NULL,
    note VARCHAR NOT NULL,           -- vì sao không so được
    nearest_indicator_id VARCHAR,    -- chỉ tiêu gần nhất của các báo cáo (trống: không có)
    relation VARCHAR                 -- trong_do, ten_khac, khac: quan hệ với chỉ tiêu ấy
);
CREATE TABLE dim_list (              -- one row a choice of the register's lists
    list VARCHAR NOT NULL,           -- loai, tinh_trang, cap_khen_thuong, chu_de, dia_ban_dac_thu
    id VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    note VARCHAR NOT NULL,
    PRIMARY KEY (list, id)
);
CREATE TABLE dim_leadership_action ( -- one row a leadership action for which the signed report names units
    action_id VARCHAR PRIMARY KEY,
    label VARCHAR NOT NULL,
    short_label VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    footnote INTEGER NOT NULL,       -- cước chú nêu tên các đơn vị
    section VARCHAR NOT NULL,        -- mục của Báo cáo
    citation VARCHAR NOT NULL,       -- câu của Báo cáo
    printed VARCHAR NOT NULL,        -- cước chú đúng như in
    note VARCHAR NOT NULL            -- chỗ Báo cáo để ngỏ
);
CREATE TABLE dim_leadership_mention ( -- one row a unit that the signed report names for a leadership action
    action_id VARCHAR NOT NULL,
    don_vi_id VARCHAR NOT NULL,
    PRIMARY KEY (action_id, don_vi_id)
);
CREATE TABLE dim_typical_model (     -- one row a model chosen to be replicated, once a document names it
    name VARCHAR NOT NULL,
    linh_vuc_id VARCHAR NOT NULL,
    don_vi_id VARCHAR,               -- trống: văn bản không nêu đơn vị
    citation VARCHAR NOT NULL,       -- văn bản nêu tên mô hình
    note VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL        -- tên không dấu, để dò trong danh sách
);
CREATE TABLE dim_geometry (          -- one row a unit whose official borders the catalogue holds
    don_vi_id VARCHAR PRIMARY KEY,
    geojson VARCHAR NOT NULL         -- Polygon hoặc MultiPolygon, kinh độ và vĩ độ WGS84
);
CREATE TABLE dim_flag_bench (        -- one row a rule and level tried on simulated provinces
    scenario VARCHAR NOT NULL,
    scenario_label VARCHAR NOT NULL, -- tỉnh mô phỏng thực ra thế nào
    rule VARCHAR NOT NULL,           -- F2, F3, ... hoặc một quy tắc đơn giản để so
    rule_label VARCHAR NOT NULL,
    level VARCHAR,                   -- từ mức này trở lên (trống: quy tắc đơn giản, không chia mức)
    measure VARCHAR NOT NULL,        -- bao_nham: số nêu nhầm mỗi kỳ; phat_hien: phần số lần tìm ra huyện cần tìm
    value DOUBLE NOT NULL,
    error DOUBLE NOT NULL,           -- sai số chuẩn của mô phỏng
    bound DOUBLE,                    -- mức không được vượt (trống: không đặt)
    provinces INTEGER NOT NULL,      -- số tỉnh mô phỏng
    seed INTEGER NOT NULL,
    measured_on DATE NOT NULL
);
CREATE TABLE core_return (           -- one row a return that was accepted and not withdrawn
    return_id VARCHAR PRIMARY KEY,
    don_vi_id VARCHAR NOT NULL,
    period_kind VARCHAR NOT NULL,    -- nam, 6_thang, giai_doan
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    due_on DATE,                     -- hạn nộp của kỳ (trống: kỳ không có hạn)
    received_at TIMESTAMP,           -- ngày gửi ghi trong báo cáo (trống: báo cáo không ghi)
    state VARCHAR NOT NULL,          -- co_so_lieu, khong_phat_sinh, trong
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,         -- của tệp gốc trong kho
    layout VARCHAR NOT NULL,         -- periodic, retrospective, compiled, long
    is_simulated BOOLEAN NOT NULL,
    superseded_by VARCHAR,           -- báo cáo đã thay thế toàn bộ báo cáo này
    as_of_on DATE                    -- ngày chốt số liệu (trống: báo cáo không ghi)
);
CREATE TABLE core_value (            -- one row an effective figure of a return, with the cell it stands in
    return_id VARCHAR NOT NULL,
    don_vi_id VARCHAR NOT NULL,
    period_kind VARCHAR NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    indicator_id VARCHAR NOT NULL,
    linh_vuc_id VARCHAR,             -- trống: chỉ tiêu không chia lĩnh vực
    value BIGINT NOT NULL,
    source_sheet VARCHAR NOT NULL,
    source_cell VARCHAR NOT NULL
);
CREATE TABLE core_year_value (       -- one row a unit, year, indicator and field: what yearly charts read
    don_vi_id VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    indicator_id VARCHAR NOT NULL,
    linh_vuc_id VARCHAR,             -- trống: chỉ tiêu không chia lĩnh vực
    value BIGINT NOT NULL,
    is_provisional BOOLEAN NOT NULL, -- số 6 tháng, chưa có báo cáo năm
    return_id VARCHAR NOT NULL
);
CREATE TABLE core_span_value (       -- one row a several-year figure that no annual figure replaces
    don_vi_id VARCHAR NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    indicator_id VARCHAR NOT NULL,
    linh_vuc_id VARCHAR,
    value BIGINT NOT NULL,
    return_id VARCHAR NOT NULL
);
CREATE TABLE core_mo_hinh (          -- one row a model of the register
    mo_hinh_id VARCHAR PRIMARY KEY,
    don_vi_id VARCHAR,               -- trống: Báo cáo không nêu đơn vị
    name VARCHAR NOT NULL,
    linh_vuc_id VARCHAR NOT NULL,
    commune VARCHAR,
    host VARCHAR,
    kind VARCHAR,                    -- tap_the, ca_nhan
    start_year INTEGER,
    status VARCHAR,                  -- dang_ky, cong_nhan, duy_tri, khen_thuong, dien_hinh, nhan_rong, dung
    award_level VARCHAR,
    theme VARCHAR,
    area_kind VARCHAR,
    return_id VARCHAR,               -- trống: nêu trong Báo cáo, không từ báo cáo của đơn vị
    source_sheet VARCHAR,
    source_cell VARCHAR,
    named_in_report BOOLEAN NOT NULL,
    model_no INTEGER,                -- số thứ tự trong Báo cáo (trống: mô hình của danh sách đơn vị gửi)
    footnote INTEGER,                -- cước chú của Báo cáo nêu mô hình
    name_key VARCHAR NOT NULL,       -- tên không dấu, để dò tên trùng
    place_key VARCHAR,               -- xã không dấu, không chữ "xã" (trống: chưa rõ xã)
    place_don_vi_id VARCHAR,         -- huyện của xã ấy (trống: chưa rõ)
    search_key VARCHAR NOT NULL      -- tên, xã, đơn vị chủ trì không dấu, để tìm
);
CREATE TABLE core_mo_hinh_status (   -- one row a model and period in which a register in force lists it
    mo_hinh_id VARCHAR NOT NULL,
    don_vi_id VARCHAR NOT NULL,
    period_kind VARCHAR NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    status VARCHAR,                  -- như cột Tình trạng ghi (trống: không ghi)
    return_id VARCHAR NOT NULL,
    source_sheet VARCHAR NOT NULL,
    source_cell VARCHAR NOT NULL
);
CREATE TABLE published_total (       -- one row a figure printed by a source, as printed
    source_id VARCHAR NOT NULL,
    territory VARCHAR NOT NULL,
    indicator_id VARCHAR NOT NULL,   -- chỉ tiêu, hoặc mã trong dim_measure khi nguồn đo điều khác
    linh_vuc_id VARCHAR,             -- trống: tổng các lĩnh vực
    from_year INTEGER,
    to_year INTEGER,
    value BIGINT,                    -- trống: nguồn không in một số đếm
    value_text VARCHAR NOT NULL,     -- đúng như in
    citation VARCHAR NOT NULL,       -- câu chứa con số
    published_on DATE,
    don_vi_id VARCHAR,               -- trống: toàn tỉnh
    note VARCHAR NOT NULL
);
CREATE TABLE check_result (          -- one row a finding of a check or a warning of a load
    rule VARCHAR NOT NULL,
    level VARCHAR NOT NULL,          -- canh_bao, ghi_chu
    return_id VARCHAR,
    don_vi_id VARCHAR,
    year INTEGER,
    sheet VARCHAR,
    cell VARCHAR,
    message VARCHAR NOT NULL
);
CREATE TABLE dim_rule (              -- one row a rule that raises flags
    rule VARCHAR PRIMARY KEY,        -- F1, F2, ...
    kind VARCHAR NOT NULL,           -- QD quy định, TH thống kê, DL số liệu
    label VARCHAR NOT NULL,
    question VARCHAR NOT NULL,       -- câu hỏi quy tắc trả lời
    formula VARCHAR NOT NULL,
    needs VARCHAR NOT NULL,          -- cần những số liệu nào
    position INTEGER NOT NULL
);
CREATE TABLE flag (                  -- one row an imbalance found
    rule VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,           -- QD, TH, DL
    level VARCHAR NOT NULL,          -- theo_doi, canh_bao, nghiem_trong, chua_du_so_lieu
    don_vi_id VARCHAR,
    linh_vuc_id VARCHAR,
    from_year INTEGER,
    to_year INTEGER,
    observed DOUBLE,
    expected DOUBLE,
    ratio DOUBLE,
    p_value DOUBLE,
    statement VARCHAR NOT NULL,      -- thấy gì
    action VARCHAR NOT NULL,         -- nên làm gì
    evidence JSON,                   -- returns, slices, published, và phần riêng của quy tắc
    usual VARCHAR NOT NULL,          -- bình thường thì sao (trống: không so được)
    certainty VARCHAR NOT NULL       -- chắc đến đâu
);
CREATE TABLE flag_funnel (           -- one row a district in a funnel
    rule VARCHAR NOT NULL,
    terrain VARCHAR,                 -- vùng được so (trống: toàn tỉnh)
    don_vi_id VARCHAR NOT NULL,
    from_year INTEGER NOT NULL,
    to_year INTEGER NOT NULL,
    observed DOUBLE NOT NULL,
    expected DOUBLE NOT NULL,        -- mức chờ đợi, hoặc số làm mẫu của tỷ lệ
    ratio DOUBLE NOT NULL,           -- so với mức chung, hoặc tỷ lệ
    is_outside BOOLEAN NOT NULL      -- nằm ngoài dải 95%
);
CREATE TABLE flag_funnel_limit (     -- one row a point of a funnel's limits
    rule VARCHAR NOT NULL,
    terrain VARCHAR,
    expected DOUBLE NOT NULL,
    low95 DOUBLE NOT NULL,
    high95 DOUBLE NOT NULL,
    low998 DOUBLE NOT NULL,
    high998 DOUBLE NOT NULL
);
CREATE TABLE flag_lorenz (           -- one row a point of the Lorenz curve by communes
    commune_share DOUBLE NOT NULL,   -- phần số xã, từ huyện ít mô hình nhất
    model_share DOUBLE,              -- phần số mô hình của tỉnh (trống: chỉ có dải cân bằng)
    low DOUBLE,                      -- dải của một tỉnh cân bằng
    high DOUBLE
);
CREATE TABLE flag_measure (          -- one row a figure that the rules estimated
    measure_id VARCHAR PRIMARY KEY,
    label VARCHAR NOT NULL,
    value DOUBLE,
    low DOUBLE,                      -- mức bình thường: từ
    high DOUBLE                      -- mức bình thường: đến
);
CREATE TABLE district_score (        -- one row a district and window
    don_vi_id VARCHAR NOT NULL,
    to_year INTEGER NOT NULL,
    score_low DOUBLE,                -- điểm 0-100, số tròn: 5%, giữa và 95% của các lần thử (trống: không xếp)
    score_mid DOUBLE,
    score_high DOUBLE,
    rank_low INTEGER,                -- thứ hạng (1 là cao nhất): từ, giữa, đến, ở 90% số lần thử
    rank_mid INTEGER,
    rank_high INTEGER,
    p_lowest_six DOUBLE,             -- xác suất thuộc nhóm thấp nhất, gồm lowest_count huyện
    label VARCHAR NOT NULL,          -- Chưa đủ báo cáo, Cần hỗ trợ, Cần theo dõi, Chưa phân định, Chưa đủ số liệu
    reason VARCHAR NOT NULL,         -- câu nói rõ vì sao, hoặc còn thiếu gì
    ranked_count INTEGER,            -- số huyện được so với nhau (trống: chưa đủ huyện để xếp)
    lowest_count INTEGER,            -- số huyện của nhóm thấp nhất (6, ít huyện thì một phần ba)
    peer_score_mid DOUBLE,           -- điểm, thứ hạng và xác suất khi chỉ so với các huyện cùng vùng
    peer_rank_low INTEGER,
    peer_rank_mid INTEGER,
    peer_rank_high INTEGER,
    peer_p_lowest DOUBLE,            -- xác suất thuộc nhóm thấp nhất của vùng, gồm peer_lowest_count huyện
    peer_ranked_count INTEGER,
    peer_lowest_count INTEGER
);
CREATE TABLE score_indicator (       -- one row a district and indicator of its score
    don_vi_id VARCHAR NOT NULL,
    to_year INTEGER NOT NULL,
    part VARCHAR NOT NULL,           -- mo_hinh, xa_co_mo_hinh, o_linh_vuc, kiem_tra, hoi_nghi, khen_thuong
    label VARCHAR NOT NULL,
    unit_label VARCHAR NOT NULL,     -- đơn vị của value
    is_share BOOLEAN NOT NULL,       -- value là tỷ lệ 0-1 (in thành %)
    position INTEGER NOT NULL,
    from_year INTEGER NOT NULL,      -- các năm được tính: from_year đến to_year
    indicator_id VARCHAR NOT NULL,   -- chỉ tiêu đứng sau tử số
    numerator DOUBLE,                -- trống: chưa biết (thiếu báo cáo), không bao giờ là 0
    denominator DOUBLE,              -- xã-năm, ô lĩnh vực-năm, số mô hình được công nhận
    value DOUBLE,                    -- numerator / denominator của huyện
    province DOUBLE,                 -- của toàn tỉnh: gộp các huyện đã biết
    peers DOUBLE,                    -- của các huyện cùng vùng đã biết (trống: chưa rõ vùng)
    known_count INTEGER NOT NULL,    -- số huyện đã biết, trong đó huyện thấp nhất, tứ phân vị, huyện cao nhất:
    lowest DOUBLE,
    q25 DOUBLE,
    median DOUBLE,
    q75 DOUBLE,
    highest DOUBLE,
    score DOUBLE,                    -- điểm thành phần 0-100, số tròn, sau khi co về mức chung (trống: không xếp)
    weight DOUBLE,                   -- trọng số 0-1 đã chia lại (trống: phần này không được dùng)
    level DOUBLE,                    -- mức làm mốc của tỉnh; 1,5 lần mức này là 100 điểm
    level_from_year INTEGER,         -- các năm của mức làm mốc
    level_to_year INTEGER,
    PRIMARY KEY (don_vi_id, part)
);
CREATE TABLE snapshot_info (         -- one row a fact about the snapshot
    key VARCHAR PRIMARY KEY,         -- snapshot_id, built_at, program_version, is_simulated, returns, tau (√τ² của một năm), province, movement, commission, signed_report, first_year, letter (JSON)
    value VARCHAR
);
