"""What Streamlit's own scripts say to viewers, in Vietnamese: names for screen readers, hints, what an upload asks for.

Streamlit has no setting for its language, so the words are exchanged in its scripts on their way to the browser;
nothing else in them is touched. Each phrase is written as it stands in the locked version: one that a later version
words otherwise stays English, and the tests say so.
"""

WORDS = {
    "index": {
        '"aria-label":`App pages`': '"aria-label":`Các trang`',
        '"aria-label":`Sidebar`': '"aria-label":`Cột bên trái`',
        '"aria-label":`Collapse sidebar`': '"aria-label":`Thu cột bên trái`',
        '"aria-label":`Expand sidebar`': '"aria-label":`Mở cột bên trái`',
        '"aria-label":`Main menu`': '"aria-label":`Trình đơn`',
        '"aria-label":`Notifications`': '"aria-label":`Thông báo`',
        "children:`Skip to main content`": "children:`Tới nội dung chính`",
        "`Connection error`": "`Mất kết nối`",
        '"aria-label":`Shortcut ${': '"aria-label":`Phím ${',
        "`Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:`": (
            "`Chương trình có còn chạy không? Nếu đã lỡ tắt, hãy khởi động lại:`"
        ),
        "`streamlit run yourscript.py`": "`python run.py`",
        "`Streamlit server is not responding. Are you connected to the internet?`": (
            "`Máy chủ không trả lời. Hãy xem lại kết nối mạng; trang tự chạy tiếp khi máy chủ trả lời.`"
        ),
        "`Cannot connect to Streamlit (HTTP status: ": "`Không kết nối được với máy chủ (mã HTTP: ",
    },
    "Selectbox": {
        '"aria-label":`Open`': '"aria-label":`Mở danh sách`',
        '"aria-label":`Clear value`': '"aria-label":`Xóa lựa chọn`',
        "`Selectbox options`": "`Các lựa chọn`",
        "`No results`": "`Không có kết quả`",
    },
    "Multiselect": {
        '"aria-label":`Open`': '"aria-label":`Mở danh sách`',
        '"aria-label":`Clear all`': '"aria-label":`Xóa hết`',
        '"aria-label":`Selected values`': '"aria-label":`Đã chọn`',
        "label:`Select all`": "label:`Chọn tất cả`",
        "`Remove ${": "`Bỏ ${",
        "`Multiselect options`": "`Các lựa chọn`",
        "`No results`": "`Không có kết quả`",
    },
    "StreamlitMarkdown": {
        "?`Help`:`Help for ${": "?`Giải thích`:`Giải thích về ${",
        "ariaLabel:c=`Help`": "ariaLabel:c=`Giải thích`",
    },
    "InputInstructions": {
        "`submit form`": "`gửi`",
        "`apply`": "`nhận`",
        "+Enter to ${": "+Enter để ${",
        "`Press ${": "`Bấm ${",
        "`Press Enter to ${": "`Bấm Enter để ${",
    },
    "FileUploader": {
        '"aria-label":`Add files`': '"aria-label":`Thêm tệp`',
        "`Drag and drop a file here`": "`Thả tệp vào đây`",
        "`Drag and drop files here`": "`Thả các tệp vào đây`",
        "`Upload`": "`Chọn tệp`",
        " per file`": " mỗi tệp`",
    },
    "utils": {
        '"aria-label":`file upload`': '"aria-label":`Tệp gửi lên`',
        "`File must be ${": "`Tệp phải có cỡ ${",
        " or smaller.`": " trở xuống.`",
        "`Choose an option`": "`Chọn một mục`",
        "`Choose options`": "`Chọn các mục`",
        "`Cancel upload of ${": "`Thôi gửi ${",
        "`Remove ${": "`Bỏ ${",
    },
    "useCopyToClipboard": {
        "`Copy to clipboard`": "`Chép vào bộ nhớ tạm`",
        "`Copied`": "`Đã chép`",
    },
    "DateInput": {
        "{locale:`en-US`,": "{locale:`vi-VN`,",
        '"aria-label":`Choose date`': '"aria-label":`Chọn ngày`',
        "`Choose date`:void 0": "`Chọn ngày`:void 0",
        '"aria-label":`Clear date`': '"aria-label":`Xóa ngày`',
        "`Use arrow keys to navigate dates. Enter to select. Escape to close.`": (
            "`Dùng các phím mũi tên để chuyển ngày, Enter để chọn, Escape để đóng.`"
        ),
    },
    "DateField": {"`Selected Date: ${": "`Ngày đã chọn: ${"},
    "ReorderedSegments": {
        "`Selected Date: ${": "`Ngày đã chọn: ${",
        "`Previous month`": "`Tháng trước`",
        "`Next month`": "`Tháng sau`",
        "`Today, ${": "`Hôm nay, ${",
        "${e.date} selected`": "${e.date}, đang chọn`",
    },
    "PlotlyChart": {
        "`Close fullscreen`:`Fullscreen`": "`Thu nhỏ`:`Toàn màn hình`",
    },
}
"""Name of a script, up to its first dot -> words as they stand in it -> words instead."""


def in_vietnamese(name: str, script: bytes) -> bytes:
    """Return one of Streamlit's scripts with its words in Vietnamese."""
    for english, own in WORDS.get(name.partition(".")[0], {}).items():
        script = script.replace(english.encode(), own.encode())
    return script
