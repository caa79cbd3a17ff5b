from .actions.cases import join_of as join_of
from .actions.erasure import erase_of as erase_of
from .queries.personal import export_of as export_of
