"""The routes of coupons, by noun."""
