"""Names that a hostile or careless sender may give a model, and how an export shows them: as the text they are."""

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+84 905",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://vi.du","x")',
    "=DDE('a';'b';'c')",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</w:t></w:r><w:r><w:t>x",
    "&lt;b&gt; &amp; & < > \"'",
    "![x](http://vi.du/x.png)",
    "[x](javascript:alert(1)) **đậm** `mã`",
    "{{7*7}} {% raw %}",
    "{mo_hinh_cong_nhan} %s $x",
    "'); DROP TABLE mo_hinh; --",
    "dọc\x0bthẳng\x00đứng\x1f",
    "đảo\u202echiều\u2066này",
    "]]> <!-- x --> <?xml?>",
)


def shown(payload: str) -> str:
    """Return a payload as a document shows it: without what no document can hold."""
    return payload.translate(dict.fromkeys((0x0B, 0x00, 0x1F, 0x202E, 0x2066)))
