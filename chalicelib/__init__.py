"""Jifen: a points mall, one package for each of its contexts."""

VERSION = "0.1.0"
