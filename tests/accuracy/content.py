"""Vietnamese names, news and menus that fill a page, drawn from a seeded generator.

Nothing here knows of criteria; it is the text that surrounds what is judged.
"""

import html

PROVINCES = [
    ("An Bình", "anbinh"), ("Bắc Sơn", "bacson"), ("Cẩm Giang", "camgiang"), ("Đông Hải", "donghai"),
    ("Hòa Phú", "hoaphu"), ("Kỳ Lâm", "kylam"), ("Lạc Thủy", "lacthuy"), ("Mỹ Sơn", "myson"), ("Nam Trực", "namtruc"),
    ("Phước Long", "phuoclong"), ("Quảng Điền", "quangdien"), ("Sơn Dương", "sonduong"), ("Tân Thịnh", "tanthinh"),
    ("Vĩnh Lộc", "vinhloc"), ("Xuân Trường", "xuantruong"), ("Yên Khánh", "yenkhanh"),
]

UNITS = [
    ("Sở Giáo dục và Đào tạo", "sogddt"), ("Sở Y tế", "soyte"), ("Sở Nội vụ", "sonoivu"), ("Sở Tài chính", "sotaichinh"),
    ("Sở Xây dựng", "soxaydung"), ("Sở Tư pháp", "sotuphap"), ("Sở Công Thương", "socongthuong"),
    ("Sở Khoa học và Công nghệ", "sokhcn"), ("Sở Nông nghiệp và Môi trường", "sonnmt"), ("Sở Ngoại vụ", "songoaivu"),
    ("Sở Văn hóa, Thể thao và Du lịch", "sovhttdl"), ("Sở Dân tộc và Tôn giáo", "sodttg"), ("Thanh tra tỉnh", "thanhtra"),
    ("Văn phòng Ủy ban nhân dân tỉnh", "vpubnd"), ("Ban Quản lý các khu công nghiệp", "bqlkcn"),
    ("Trung tâm Phục vụ hành chính công", "hcc"), ("Đài Phát thanh và Truyền hình", "ptth"),
]

SUBJECTS = [
    "Ủy ban nhân dân tỉnh", "Lãnh đạo Sở", "Ban Chỉ đạo chuyển đổi số", "Hội đồng nhân dân tỉnh", "Tổ công nghệ số cộng đồng",
    "Trung tâm Phục vụ hành chính công", "Công đoàn viên chức tỉnh", "Đoàn kiểm tra liên ngành",
]
VERBS = [
    "tổ chức hội nghị sơ kết", "ban hành kế hoạch", "triển khai nhiệm vụ", "tiếp công dân định kỳ về", "công bố kết quả",
    "lấy ý kiến góp ý dự thảo", "tập huấn nghiệp vụ", "kiểm tra thực tế việc",
]
OBJECTS = [
    "cải cách hành chính quý III", "cung cấp dịch vụ công trực tuyến toàn trình", "phòng, chống thiên tai năm 2026",
    "chuyển đổi số giai đoạn 2026–2030", "xây dựng nông thôn mới", "tuyển sinh lớp 10 năm học 2026–2027",
    "quản lý đất đai tại cơ sở", "kiểm soát thủ tục hành chính", "an toàn thực phẩm dịp Tết Nguyên đán",
]
MENU = [
    "Giới thiệu", "Tin tức – Sự kiện", "Văn bản", "Thủ tục hành chính", "Dịch vụ công", "Lịch công tác", "Hỏi đáp",
    "Công khai ngân sách", "Quy hoạch", "Tiếp cận thông tin", "Thư viện ảnh", "Liên hệ",
]


def sentence(r):
    """A headline as a portal prints it."""
    return f"{r.choice(SUBJECTS)} {r.choice(VERBS)} {r.choice(OBJECTS)}"


def day(r):
    """A date in Vietnamese form."""
    return f"{r.randint(1, 28):02d}/{r.randint(1, 12):02d}/2026"


def paragraph(r, sentences=3):
    """Some sentences of a news text."""
    return ". ".join(sentence(r) for _ in range(sentences)) + "."


def news(r, count, item):
    """`count` news items, or some times as many, through the template `item` (title, href, date, text, n)."""
    made = []
    for n in range(count * r.choice((1, 1, 2, 4))):
        made.append(item.format(
            title=html.escape(sentence(r)), href=f"/tin-tuc/bai-viet-{r.randint(1000, 99999)}.html", date=day(r),
            text=html.escape(paragraph(r, r.randint(1, 4))), n=n))
    return "\n".join(made)


def menu(r, count, item):
    """The first `count` menu entries in a seeded order through the template `item` (title, href, n)."""
    names = MENU[:]
    r.shuffle(names)
    return "\n".join(item.format(title=name, href=f"/chuyen-muc-{n + 1}", n=n) for n, name in enumerate(names[:count]))
