"""Refusals of exports and erasures."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Denied, Words


class ErasureBlocked(Conflict):
    """Business of the member is not over: `reasons` names what."""

    code = "erasure_blocked"
    title = Words("账号暂时不能注销", "The account cannot be closed yet")
    hint = Words("请先处理：{named}", "First see to: {named}")


class FreshLoginRequired(Denied):
    """Who closes an account has signed in within the last minutes."""

    code = "fresh_login_required"
    title = Words("请重新登录后再注销账号", "Sign in again to close the account")
    hint = Words(
        "为保护您的账号，请在登录后 {minutes} 分钟内操作",
        "To protect it, do so within {minutes} minutes of signing in",
    )
