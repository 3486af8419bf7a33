"""Users and sessions: one port, kept in Redis or in memory. Not part of any operation."""

from __future__ import annotations

from cop.store.accounts.memory import MemoryAccounts
from cop.store.accounts.port import Accounts, Session, Subscription, User
from cop.store.accounts.redis import RedisAccounts

__all__ = ["Accounts", "MemoryAccounts", "RedisAccounts", "Session", "Subscription", "User"]
