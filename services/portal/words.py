"""What people read when the portal refuses something, in Vietnamese and English."""

from services.kernel.decider import Rejected
from services.kernel.web.service_app import Words

WORDS: Words = {
    "no-such-role": (
        422,
        "Không có vai trò {role}; chọn: {known}.",
        "There is no role {role}; choose one of these.",
    ),
    "area-needed": (
        422,
        "Vai trò {role} cần mã xã (area), ví dụ 10114.",
        "The role {role} needs its commune (area), e.g. 10114.",
    ),
    "area-not-meant": (
        422,
        "Vai trò {role} không gắn với địa bàn, bỏ trống mã địa bàn (area).",
        "The role {role} has no area: leave area out.",
    ),
    "no-such-area": (
        422,
        "Không có đơn vị hành chính mã {area}.",
        "There is no area {area}.",
    ),
    "area-not-commune": (
        422,
        "{area} không phải xã, thị trấn.",
        "{area} is not a commune.",
    ),
    "name-wrong": (
        422,
        "Tên người dùng (name) phải là chữ, tối đa {most} chữ.",
        "The person's name must be printable, at most {most} letters.",
    ),
    "login-wrong": (
        422,
        "Tên đăng nhập (login) gồm 3 đến 50 ký tự a–z, 0–9, dấu chấm, gạch ngang, bắt đầu bằng chữ cái.",
        "The login has 3 to 50 of a–z, 0–9, dot and dash, and begins with a letter.",
    ),
    "login-taken": (
        409,
        "Tên đăng nhập này đã có người dùng; chọn tên khác.",
        "Somebody has this login; choose another.",
    ),
    "name-taken": (
        409,
        "Đã có người dùng mang tên này; thêm chức danh hoặc đơn vị vào tên để phân biệt.",
        "There is a person of this name; add an office or unit to tell them apart.",
    ),
    "no-such-user": (404, "Không có người dùng này.", "There is no such user."),
    "own-user": (
        409,
        "Không tự khóa hoặc tự đổi vai trò của mình; nhờ quản trị khác.",
        "Nobody locks themselves or changes their own role; ask another administrator.",
    ),
    "last-admin": (
        409,
        "Đây là quản trị duy nhất còn dùng được; thêm quản trị khác trước.",
        "This is the only administrator left; add another one first.",
    ),
    "user-locked": (
        409,
        "Người dùng đã bị khóa. Liên hệ quản trị để mở khóa.",
        "The user is locked. Ask the administrator.",
    ),
    "user-not-locked": (409, "Người dùng đang không bị khóa.", "The user is not locked."),
    "password-short": (
        422,
        "Mật khẩu mới cần ít nhất {least} ký tự.",
        "The new password needs at least {least} characters.",
    ),
    "password-long": (
        422,
        "Mật khẩu mới dài quá {most} ký tự.",
        "The new password has more than {most} characters.",
    ),
    "password-has-login": (
        422,
        "Mật khẩu mới không được chứa tên đăng nhập hoặc tên người dùng.",
        "The new password must not contain the login or the name.",
    ),
    "password-common": (
        422,
        "Mật khẩu mới quá dễ đoán (hay dùng, hoặc chỉ vài ký tự lặp lại). Ghép vài từ không liên quan.",
        "The new password is too easy to guess (common, or a few characters repeated). Join some unrelated words.",
    ),
    "password-same": (
        422,
        "Mật khẩu mới phải khác mật khẩu đang dùng.",
        "The new password must differ from the present one.",
    ),
    "password-repeat-differs": (
        422,
        "Hai lần nhập mật khẩu mới không giống nhau. Nhập lại.",
        "The two new passwords differ. Type them again.",
    ),
    "sign-in-refused": (
        401,
        "Tên đăng nhập hoặc mật khẩu chưa đúng.",
        "The login or the password is wrong.",
    ),
    "barred": (
        429,
        "Nhập sai nhiều lần, tạm ngừng nhận. Thử lại sau {minutes} phút, hoặc nhờ quản trị đặt lại mật khẩu.",
        "Too many wrong attempts. Try again in {minutes} minutes, or have the administrator reset the password.",
    ),
    "session-over": (401, "Phiên làm việc đã hết. Đăng nhập lại.", "The session is over. Sign in again."),
    "oidc-is-on": (
        409,
        "Hệ thống đăng nhập qua cổng định danh chung (OIDC): người dùng và mật khẩu quản lý ở đó.",
        "Sign-in is by OIDC: users and passwords are kept by the identity provider.",
    ),
    "oidc-refused": (
        401,
        "Cổng định danh không xác nhận được lần đăng nhập này. Đăng nhập lại.",
        "The identity provider did not confirm this sign-in. Sign in again.",
    ),
    "oidc-away": (
        503,
        "Chưa kết nối được cổng định danh. Thử lại sau 1 phút.",
        "The identity provider cannot be reached. Try again in a minute.",
    ),
    "oidc-claim-missing": (
        403,
        "Cổng định danh chưa cho biết {claim} của người này. Nhờ quản trị cổng định danh bổ sung.",
        "The identity provider does not tell this person's {claim}. Ask its administrator.",
    ),
}


def in_both(why: Rejected) -> str:
    """The sentence in both languages, for the command line."""
    _, vi, en = WORDS[why.code]
    return f"{vi} / {en}".format_map(why.context)
