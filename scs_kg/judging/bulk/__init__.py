"""Judges any number of systems by columns: reads claims in pieces, sorts them to buckets by system, judges those.

Three stages, each a function of one unit to one file that is written whole: ``sift`` reads a piece of the input and
sorts what it says by claim; ``tie`` puts each claim together and sorts it by system; ``columns`` judges the systems of
a bucket. So memory is bounded, a run that was killed goes on where it stood, and units may run anywhere.
"""
