"""Routes."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.plans.views import forecasts

app_name = "plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("forecasts/", forecasts.listed, name="forecasts"),
    path("forecasts/start/", forecasts.start, name="start_forecast"),
    path("forecasts/<int:forecast_id>/", forecasts.forecast, name="forecast"),
    path("forecasts/<int:forecast_id>/workbook/", forecasts.workbook, name="forecast_workbook"),
]
