"""Writes of members."""

from chalicelib.members.actions.addresses import add_address, change_address, remove_address
from chalicelib.members.actions.challenges import request_code
from chalicelib.members.actions.consents import Agreement, Place, agree
from chalicelib.members.actions.externals import link_external, unlink_external
from chalicelib.members.actions.freezing import set_status
from chalicelib.members.actions.identities import link_identity, unlink_identity
from chalicelib.members.actions.limits import Asked
from chalicelib.members.actions.notes import note_member
from chalicelib.members.actions.policies import change_policy, draft_policy, publish_policy
from chalicelib.members.actions.profiles import change_profile
from chalicelib.members.actions.provider_logins import (
    Sent,
    Started,
    link_account,
    log_in_at,
    start_sign_in,
)
from chalicelib.members.actions.referrals import code_of
from chalicelib.members.actions.registrations import enrol, revoke_role
from chalicelib.members.actions.rotations import refresh
from chalicelib.members.actions.sessions import (
    Device,
    Login,
    access_again,
    end_all_sessions,
    end_session,
    end_session_of,
    end_sessions,
    log_in,
    sign_in_as,
)
from chalicelib.members.actions.transfers import Gift, send_gift
