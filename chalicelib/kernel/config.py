"""What the environment decides, read once: the only reader of the environment in the project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo


class MissingSetting(RuntimeError):
    """A setting that this function needs is not in its environment."""


@dataclass(frozen=True)
class Config:
    """Settings of one stage. Limits are counts in the window that their name ends with."""

    stage: str
    time_zone: ZoneInfo
    currency: str
    facts_topic: str
    pictures_bucket: str
    email_sender: str
    otp_per_destination_10_minutes: int
    otp_per_destination_day: int
    otp_per_ip_hour: int

    def table(self, context: str) -> str:
        return f"jifen-{self.stage}-{context}"

    queue = table
    secret = table

    def required(self, name: str) -> str:
        """The value of a setting that may be empty elsewhere but not here.

        Raises MissingSetting.
        """
        value: str = getattr(self, name)
        if not value:
            raise MissingSetting(f"JIFEN_{name.upper()} is not set")
        return value


@cache
def config() -> Config:
    """The settings of this process.

    Raises MissingSetting naming the variable.
    """
    env = os.environ
    if not env.get("JIFEN_STAGE"):
        raise MissingSetting("JIFEN_STAGE is not set")
    return Config(
        stage=env["JIFEN_STAGE"],
        time_zone=ZoneInfo(env.get("JIFEN_TIME_ZONE", "Asia/Shanghai")),
        currency=env.get("JIFEN_CURRENCY", "CNY"),
        facts_topic=env.get("JIFEN_FACTS_TOPIC", ""),
        pictures_bucket=env.get("JIFEN_PICTURES_BUCKET", ""),
        email_sender=env.get("JIFEN_EMAIL_SENDER", ""),
        otp_per_destination_10_minutes=int(env.get("JIFEN_OTP_PER_DESTINATION_10_MINUTES", "5")),
        otp_per_destination_day=int(env.get("JIFEN_OTP_PER_DESTINATION_DAY", "20")),
        otp_per_ip_hour=int(env.get("JIFEN_OTP_PER_IP_HOUR", "100")),
    )
