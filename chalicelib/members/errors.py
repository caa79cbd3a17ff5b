"""Refusals of the members context."""

from __future__ import annotations

from chalicelib.kernel.errors import (
    Conflict,
    Denied,
    NotFound,
    Unauthenticated,
    Unavailable,
    Words,
)


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
    title = Words("该登录方式已绑定其他会员", "Another member signs in with this")


class IdentityAlreadyLinked(Conflict):
    code = "identity_already_linked"
    title = Words("您已绑定该登录方式", "You have linked this already")


class TooManyIdentities(Conflict):
    code = "too_many_identities"
    title = Words("绑定的登录方式过多", "Too many ways to sign in are linked")
    hint = Words("请先解绑一个", "Unlink one first")


class LastIdentity(Conflict):
    code = "last_identity"
    title = Words("不能解绑唯一的登录方式", "The only way to sign in cannot be unlinked")
    hint = Words("请先绑定另一种登录方式", "Link another one first")


class MemberErased(NotFound):
    """The id was a member's, who closed the account: nothing of the person is left."""

    code = "member_erased"
    title = Words("该会员已注销", "This member has closed the account")


class AccountMerged(Unauthenticated):
    """The token is of an id that was merged: signing in again enters the member who has all now."""

    code = "account_merged"
    title = Words("您的账号已合并", "Your accounts are one now")
    hint = Words("请重新登录，积分和订单都在", "Sign in again: points and orders are there")


class MemberMerged(Conflict):
    """The member was merged: `merged_into` is who they are now."""

    code = "member_merged"
    title = Words("该会员已并入其他会员", "This member was merged into another one")
    hint = Words("请使用合并后的会员", "Take the member that they are now")


class MergeWithSelf(Conflict):
    code = "merge_with_self"
    title = Words("不能与自己合并", "A member cannot be merged into themselves")


class MergeInProgress(Conflict):
    """One of the two is being merged: with a third member, or the other way round."""

    code = "merge_in_progress"
    title = Words("其中一位会员正在合并", "One of them is being merged already")
    hint = Words("请稍后再看", "Look again in a few minutes")


class MergeBlocked(Conflict):
    """Something stands against a merge: `reasons` names what."""

    code = "merge_blocked"
    title = Words("暂时不能合并", "These members cannot be merged now")
    hint = Words("原因：{named}", "The reason: {named}")


class ExternalIdTaken(Conflict):
    """A system's id names one member."""

    code = "external_id_taken"
    title = Words("该外部编号已关联其他会员", "Another member has this external id")


class TooManyExternalIds(Conflict):
    code = "too_many_external_ids"
    title = Words("关联的外部编号过多", "Too many external ids are linked")
    hint = Words("最多 20 个，请先解除一个", "A member has 20 at most: unlink one first")


class BirthdayKept(Conflict):
    """The birthday was told less than a year ago: it may change from `changes_from` on."""

    code = "birthday_kept"
    title = Words("生日每年只能修改一次", "A birthday can be changed once a year")
    hint = Words("{day}起可再次修改", "It can be changed from {day} on")


class AddressBookFull(Conflict):
    code = "address_book_full"
    title = Words("收货地址已满", "The address book is full")
    hint = Words("最多 20 个地址，请先删除一个", "It holds 20 addresses: delete one first")


class CaptchaRequired(Denied):
    """Many codes were asked for from here: send `captcha_token` of the captcha that `script` shows
    for `site_key`."""

    code = "captcha_required"
    title = Words("请先完成安全验证", "Prove that you are a person")


class DestinationNotServed(Denied):
    """The stage sends no codes to numbers that begin like this one."""

    code = "destination_not_served"
    title = Words("暂不支持向该号码发送验证码", "Codes are not sent to this number")


class ProviderNotConfigured(Conflict):
    code = "provider_not_configured"
    title = Words("暂不支持这种登录方式", "This way to sign in is not offered")
    hint = Words("请使用手机号或邮箱登录", "Sign in with a phone or an e-mail")


class ProviderUnavailable(Unavailable):
    """Nothing of ours has changed. The provider may have used up the code."""

    code = "provider_unavailable"
    title = Words("登录平台暂时无法响应", "The provider does not answer now")
    hint = Words("请稍后再试，或使用其他方式登录", "Try again soon, or sign in another way")


class ProviderCodeInvalid(Unauthenticated):
    """The provider does not know the code, or it was used, or is too old."""

    code = "provider_code_invalid"
    title = Words("授权已使用或已过期", "The authorization was used or has expired")
    hint = Words("请重新授权登录", "Start the sign-in again")


class ProviderRefused(Denied):
    code = "provider_refused"
    title = Words("该账号被登录平台限制", "The provider blocks this account")
    hint = Words("请使用其他方式登录", "Sign in another way")


class SignInStateInvalid(Unauthenticated):
    """The state is old, was used, or is another browser's: nobody knows who started the sign-in."""

    code = "sign_in_state_invalid"
    title = Words("本次登录已失效", "This sign-in is no longer good")
    hint = Words(
        "请在同一浏览器中重新开始登录", "Start it again, and finish it in the same browser"
    )


class PolicyOutdated(Conflict):
    """Another version counts now, or none of this name is published; the facts name those."""

    code = "policy_outdated"
    title = Words("条款已更新，请重新阅读", "The terms have changed, please read them again")


class PolicyVersionTaken(Conflict):
    code = "policy_version_taken"
    title = Words("该版本号已发布", "A version of this name is published already")


class TillCodeExpired(Conflict):
    """The member's code was good for a minute and a half; `errors` names the field."""

    code = "till_code_expired"
    title = Words("会员码已过期", "The member's code has expired")
    hint = Words("请会员刷新会员码后重新扫描", "Ask for a fresh one and scan that")


class TillCodeInvalid(NotFound):
    """No member of this mall was given such a code; `errors` names the field."""

    code = "till_code_invalid"
    title = Words("会员码无效", "This is no member's code")
