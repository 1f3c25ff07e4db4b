"""Generated documentation: every page here follows from code or data, and a test fails when a page is stale.

To add a page, write a builder in a module of this package and list it in `scripts.docs_build.pages.BUILDERS`.
"""
