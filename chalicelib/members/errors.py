"""Refusals of the members context."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Denied, Unauthenticated, Words


class OtpInvalid(Unauthenticated):
    """The code is wrong, expired, used or unknown; a guesser does not learn which."""

    code = "otp_invalid"
    title = Words("验证码错误或已失效", "The code is wrong or no longer good")
    hint = Words("请核对后重试，或重新获取验证码", "Check it and try again, or ask for a new one")


class RefreshTokenInvalid(Unauthenticated):
    code = "refresh_token_invalid"
    title = Words("登录已失效，请重新登录", "The session has ended, sign in again")


class RefreshTokenMissing(Unauthenticated):
    """A browser has no cookie: nobody has signed in there, or they signed out."""

    code = "refresh_token_missing"
    title = Words("尚未登录", "This browser has no session")


class CrossSite(Denied):
    """A browser says that a page of another site sent the request."""

    code = "cross_site_request"
    title = Words("不接受来自其他网站的请求", "A page of another site may not send this request")
    hint = Words("请在商城页面内操作", "Use the mall's own pages")


class IdentityTaken(Conflict):
    code = "identity_taken"
    title = Words("该手机号或邮箱已绑定其他会员", "Another member has this phone or e-mail")


class IdentityAlreadyLinked(Conflict):
    code = "identity_already_linked"
    title = Words("您已绑定该手机号或邮箱", "You have linked this phone or e-mail already")


class TooManyIdentities(Conflict):
    code = "too_many_identities"
    title = Words("绑定的手机号和邮箱过多", "Too many phones and e-mails are linked")
    hint = Words("请先解绑一个", "Unlink one first")


class LastIdentity(Conflict):
    code = "last_identity"
    title = Words("不能解绑唯一的登录方式", "The only way to sign in cannot be unlinked")
    hint = Words("请先绑定另一个手机号或邮箱", "Link another phone or e-mail first")


class ExternalIdTaken(Conflict):
    """A system's id names one member."""

    code = "external_id_taken"
    title = Words("该外部编号已关联其他会员", "Another member has this external id")


class TooManyExternalIds(Conflict):
    code = "too_many_external_ids"
    title = Words("关联的外部编号过多", "Too many external ids are linked")
    hint = Words("最多 20 个，请先解除一个", "A member has 20 at most: unlink one first")


class AddressBookFull(Conflict):
    code = "address_book_full"
    title = Words("收货地址已满", "The address book is full")
    hint = Words("最多 20 个地址，请先删除一个", "It holds 20 addresses: delete one first")


class CaptchaRequired(Denied):
    """Many codes were asked for from here: send `captcha_token` of the captcha with `site_key`."""

    code = "captcha_required"
    title = Words("请先完成安全验证", "Prove that you are a person")


class DestinationNotServed(Denied):
    """The stage sends no codes to numbers that begin like this one."""

    code = "destination_not_served"
    title = Words("暂不支持向该号码发送验证码", "Codes are not sent to this number")
