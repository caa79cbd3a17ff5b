"""WeChat and QQ on this machine, as far as people sign in by them: their wire formats, and pages on
which a person says who they are. Source: see chalicelib/members/rules/providers.py.
"""
