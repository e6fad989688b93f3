"""Building blocks on AWS that know no order,."""
