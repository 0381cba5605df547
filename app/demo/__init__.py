"""The demo: the case of Luwu Utara 2019, with an account for each role."""
