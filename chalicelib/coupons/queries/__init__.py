"""The reads of coupons, by noun."""
