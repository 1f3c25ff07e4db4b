"""Who may open a route: `@page(Permission…)` or `@public` on every view; see `junheng.web.access.pages`."""

from junheng.web.access.pages import Access, ActorRequest, View, page, public

__all__ = ["Access", "ActorRequest", "View", "page", "public"]
