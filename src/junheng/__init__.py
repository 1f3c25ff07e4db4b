"""Junheng 均衡: judging whether a county's compulsory schools are good and evenly good."""

__version__ = "0.1.0"
