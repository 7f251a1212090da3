#!/bin/sh
# Twenty random programs do on gomem what they do on Go (scripts/differential, which makes and tries as many more as one likes).
exec "$(dirname "$0")/../../../scripts/differential" --seed 1 --count 20 --batch 20 --quick yes
