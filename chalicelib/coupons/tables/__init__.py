"""The items of coupons, by noun."""
