/* SPDX-License-Identifier: MIT */
/* One offence against each warning that `make warnings` wants to see on. */
int undeclared(unsigned n)
{
	signed char small = n;

	return small;
}
