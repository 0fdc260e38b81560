"""Which spellings mean what: every one seen in real files, and those that must be refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import Catalogue
from etl.text import _MOST_KEPT, clean, find_phrases, fold, index_phrases, remembered, without_enumerator, words_of
from etl.vocabulary import UnknownLabel, Vocabulary

KT, VHXH, QPAN, HTCT, KHAC = "kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "he_thong_chinh_tri", "khac"


@pytest.fixture(scope="module")
def vocabulary(catalogue: Catalogue) -> Vocabulary:
    return Vocabulary(catalogue)


@pytest.mark.parametrize(
    ("field_id", "label"),
    [
        (KT, "kinh tế"),
        (KT, "phát triển kinh tế"),
        (KT, "kinh tế , xây dựng nông thôn mới và đô thị văn minh"),
        (VHXH, "văn hóa - xã hội"),
        (VHXH, "văn hoá - xã hội"),
        (VHXH, "văn hóa- xã hội"),
        (VHXH, "văn hóa-xã hội"),
        (VHXH, "văn hóa – xã hội"),
        (VHXH, "văn hóa, xã hội"),
        (VHXH, "văn hóa xã hội"),
        (VHXH, "Văn hóa -\nxã hội"),
        (VHXH, unicodedata.normalize("NFD", "Văn hóa - xã hội")),
        (QPAN, "quốc phòng, an ninh"),
        (QPAN, "quốc phòng - an ninh"),
        (QPAN, "QP,AN"),
        (QPAN, "QP, AN"),
        (QPAN, "QP-AN"),
        (QPAN, "AN-QP"),
        (QPAN, "an ninh, quốc phòng"),
        (QPAN, "an ninh - quốc phòng"),
        (QPAN, "an ninh-quốc phòng"),
        (QPAN, "quốc phòng an ninh"),
        (QPAN, "quốc phòng – an ninh"),
        (QPAN, "an ninh - quốc phòng - trật tự xã hội"),
        (QPAN, "giữ gìn an ninh chính trị – trật tự an toàn xã hội"),
        (HTCT, "xây dựng HTCT"),
        (HTCT, "xây dựng hệ thống chính trị"),
        (HTCT, "xây dựng Đảng và hệ thống chính trị"),
        (HTCT, "xây dựng Ðảng và hệ thống chính trị"),
        (HTCT, "chính trị"),
        (HTCT, "HCTT"),
        (KHAC, "mô hình vùng đồng bào có đạo"),
        (KHAC, "xây dựng nông thôn mới"),
        (KT, "1. Kinh tế"),
        (KT, "I. Kinh tế"),
        (KT, "a) Kinh tế"),
        (KT, "(1) Kinh tế"),
        (KT, "- Kinh tế"),
        (KT, "– Kinh tế"),
        (KT, "\u200bKinh\u00a0tế\ufeff"),
        ("chua_phan", "Chưa phân lĩnh vực"),
    ],
)
def test_field_is_known_in_every_spelling_seen(vocabulary, field_id, label):
    assert vocabulary.fields.match(label) == field_id


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("phát triển kinh tế – văn hóa xã hội", "gộp hai lĩnh vực"),
        ("phát triển kinh tế - văn hóa - xã hội", "gộp hai lĩnh vực"),
        ("kinh tế - văn hóa xã hội", "gộp hai lĩnh vực"),
        ("Kinh tế và QP-AN", "nêu nhiều lĩnh vực (Kinh tế, Quốc phòng - an ninh)"),
        ("kinh tế - xã hội", "có thể là Kinh tế hoặc Văn hóa - xã hội"),
        ("xã hội", "chưa rõ có gồm văn hóa hay không"),
        ("Kinh tê xa", "gần nhất là: Kinh tế"),
        ("", "không có lĩnh vực"),
    ],
)
def test_field_that_is_merged_or_unknown_is_refused_with_the_reason(vocabulary, label, reason):
    with pytest.raises(UnknownLabel, match=reason.replace("(", r"\(").replace(")", r"\)")):
        vocabulary.fields.match(label)


@pytest.mark.parametrize(
    ("list_id", "choice_id", "label"),
    [
        ("loai", "tap_the", "tập thể"),
        ("loai", "ca_nhan", "cá nhân"),
        ("loai", "ca_nhan", "điển hình cá nhân"),
        ("tinh_trang", "dang_ky", "đăng ký"),
        ("tinh_trang", "cong_nhan", "công nhận"),
        ("tinh_trang", "nhan_rong", "nhân rộng"),
        ("tinh_trang", "dien_hinh", "tiêu biểu / điển hình"),
        ("cap_khen_thuong", "xa", "cấp xã"),
        ("cap_khen_thuong", "huyen", "cấp huyện"),
        ("cap_khen_thuong", "tinh", "cấp tỉnh"),
    ],
)
def test_register_choice_is_known_in_spellings_seen(vocabulary, list_id, choice_id, label):
    assert vocabulary.choices[list_id].match(label) == choice_id


@pytest.mark.parametrize(
    ("list_id", "label"), [("tinh_trang", "hiệu quả"), ("tinh_trang", "mới"), ("cap_khen_thuong", "cấp phòng")]
)
def test_register_choice_outside_the_list_is_refused(vocabulary, list_id, label):
    with pytest.raises(UnknownLabel):
        vocabulary.choices[list_id].match(label)


@pytest.mark.parametrize(
    ("unit_id", "label"),
    [
        ("tam_ky", "TP. Tam Kỳ"),
        ("tam_ky", "Thành phố Tam Kỳ"),
        ("tam_ky", "Thành Phố Tam Kỳ"),
        ("tam_ky", "TP Tam Kì"),
        ("dien_ban", "Huyện Điện Bàn"),
        ("dien_ban", "Thị xã Điện Bàn"),
        ("dien_ban", "Thị ủy Điện Bàn"),
        ("dien_ban", "\u00d0iện Bàn"),
        ("bac_tra_my", "Huyen Bac Tra My"),
        ("bac_tra_my", "Bac Tra My District"),
        ("bac_tra_my", "huyện Bắc Trà My"),
        ("hoi_an", "TP.Hội An"),
        ("hoi_an", "Thành ủy Hội An"),
        ("thang_binh", "H. Thăng Bình"),
        ("thang_binh", "H.Thăng Bình"),
        ("thang_binh", "THANG BINH"),
        ("thang_binh", "thang_binh"),
        ("thang_binh", "Huyện uỷ Thăng Bình"),
        ("thang_binh", "Ban Dân vận Huyện ủy Thăng Bình"),
        ("thang_binh", "Huyện Thăng Bình, tỉnh Quảng Nam"),
        ("thang_binh", "3. Huyện Thăng Bình"),
        ("thang_binh", unicodedata.normalize("NFD", "Thăng Bình")),
        ("thang_binh", "\u200bThăng\u00a0Bình "),
        ("cong_an", "Công an tỉnh Quảng Nam"),
        ("mttq", "Ủy ban MTTQ Việt Nam tỉnh Quảng Nam"),
        ("mttq", "MTTQ Việt Nam tỉnh Quảng Nam"),
        ("doan_tn", "Tỉnh đoàn Quảng Nam"),
        ("khoi_co_quan", "Đảng ủy Khối các cơ quan tỉnh"),
    ],
)
def test_unit_is_known_in_every_spelling_seen(vocabulary, unit_id, label):
    assert vocabulary.unit(label) == unit_id


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Trà My", "Bắc Trà My và Nam Trà My"),
        ("Giang", "Tây Giang, Đông Giang và Nam Giang"),
        ("Phường Tam Kỳ", "Tam Kỳ"),
        ("P. Tam Kỳ", "Tam Kỳ"),
        ("Xã Thăng Bình", "Thăng Bình"),
        ("X. Thăng Bình", "Thăng Bình"),
        ("UBND huyện Thăng Bình", "Thăng Bình"),
        ("Công an huyện Quế Sơn", "Quế Sơn"),
        ("Hội LHPN huyện Quế Sơn", "Quế Sơn"),
        ("Đảng ủy xã Tam Anh Nam, huyện Núi Thành", "Núi Thành"),
        ("Thành phố Thăng Bình", "Thăng Bình"),
        ("Thị xã Tam Kỳ", "Tam Kỳ"),
        ("Thăng Bình, Quế Sơn", "nêu nhiều đơn vị"),
        ("Thăng Bìnk", "Thăng Bình"),
        ("Tам Kỳ", "Tam Kỳ"),
        ("Th\u0103ng B\u0456nh", "Thăng Bình"),
    ],
)
def test_unit_that_is_another_place_or_unclear_is_refused_with_a_suggestion(vocabulary, label, says):
    with pytest.raises(UnknownLabel, match=says):
        vocabulary.unit(label)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("KẾT QUẢ PHONG TRÀO HUYỆN THĂNG BÌNH NĂM 2023", {"thang_binh"}),
        ("Ban Dân vận Huyện ủy Thăng Bình", {"thang_binh"}),
        ("huyện Thăng Bình và huyện Quế Sơn", {"thang_binh", "que_son"}),
        ("thành phố Tam Kỳ, tỉnh Quảng Nam", {"tam_ky"}),
        ("lĩnh vực văn hóa xã hội an ninh quốc phòng", set()),
        ("VĂN HÓA - XÃ HỘI, AN NINH - QUỐC PHÒNG", set()),
        ("Bình quân 6 tháng bình quân mỗi xã", set()),
        ("khu vực miền núi thành thị và nông thôn", set()),
        ("Ban Dân vận Tỉnh ủy Quảng Nam", set()),
    ],
)
def test_running_text_names_units_by_their_own_letters(vocabulary, text, units):
    assert vocabulary.units_in(text) == units


@pytest.mark.parametrize(
    "text",
    [
        "UBND huyện Thăng Bình",
        "HỘI LHPN HUYỆN THĂNG BÌNH",
        "Công an huyện Quế Sơn",
        "Phường Tam Kỳ",
        "thành phố Thăng Bình",
        "Đảng ủy xã Tam Anh Nam, huyện Núi Thành",
    ],
)
def test_running_text_that_names_another_body_is_refused(vocabulary, text):
    with pytest.raises(UnknownLabel, match="không nêu một đơn vị báo cáo"):
        vocabulary.units_in(text)


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("BC_ThangBinh_2023", {"thang_binh"}),
        ("ThangBinh2023", {"thang_binh"}),
        ("thangbinh_2023", {"thang_binh"}),
        ("bao cao Quế Sơn", {"que_son"}),
        ("bao_cao_van_hoa_xa_hoi_an_ninh", set()),
        ("tong hop 2023", set()),
    ],
)
def test_file_name_names_units_also_written_together(vocabulary, name, units):
    assert vocabulary.units_of_file_name(name) == units


def test_subtotal_is_told_from_a_unit_by_its_diacritics(vocabulary):
    assert vocabulary.is_subtotal("Cộng khối huyện")
    assert vocabulary.is_total("TỔNG CỘNG:")
    assert not vocabulary.is_subtotal("Công an tỉnh")
    assert not vocabulary.is_total("Công an")


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_vocabulary(text):
    words = _shared()
    for ask in (words.unit, words.units_in, words.fields.match, words.indicators.match):
        try:
            ask(text)
        except UnknownLabel as problem:
            assert str(problem)


@pytest.mark.parametrize("label", ["X. Thăng Bình", "P. Tam Kỳ", "H. Thăng Bình", "TP. Hội An"])
def test_an_abbreviated_type_word_is_no_enumerator(label):
    assert without_enumerator(label) == label


def _shared() -> Vocabulary:
    if not _CACHE:
        from etl.catalogue import load_catalogue
        from tests.conftest import ROOT

        _CACHE.append(Vocabulary(load_catalogue(ROOT / "data" / "catalogue")))
    return _CACHE[0]


_CACHE: list[Vocabulary] = []


def test_a_memory_of_texts_that_is_full_starts_anew_and_answers_alike() -> None:
    asked = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    texts = [str(number) for number in range(_MOST_KEPT + 1)]

    assert [length(text) for text in texts] == [len(text) for text in texts]
    assert (length(texts[-1]), length(texts[0])) == (len(texts[-1]), len(texts[0]))
    assert asked == [*texts, texts[0]]


def test_a_label_without_any_word_is_found_nowhere() -> None:
    index = index_phrases(["–", "Tam Kỳ"])

    assert [label for _, _, label in find_phrases(words_of("– thành phố Tam Kỳ –"), index)] == ["Tam Kỳ"]
