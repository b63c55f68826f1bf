"""Hosted surveys: who is asked, by which link, what they answered. Knows neither the screen nor how a form looks."""
