"""The writes of coupons, by noun."""
