from .actions import erase_of as erase_of
from .actions import join_of as join_of
from .routes import export_of as export_of
