from .actions.cases import join_of as join_of
from .actions.erasure import erase_of as erase_of
