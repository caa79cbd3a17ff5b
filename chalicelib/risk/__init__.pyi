from .actions.erasure import erase_of as erase_of
