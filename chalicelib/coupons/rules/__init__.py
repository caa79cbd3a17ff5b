"""The rules of coupons, by noun."""
