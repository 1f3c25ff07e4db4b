"""The platform: a Django project whose apps each hold one part of a county's year. Computes nothing; asks `junheng.api`."""
