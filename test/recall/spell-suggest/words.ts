export const WORDS = `banana basket bridge bottle button butter candle carpet castle cattle cellar
circle coffee copper cotton dinner doctor dragon engine family farmer fellow finger flower forest
garden guitar hammer harbor island jacket kettle ladder lesson letter market meadow mirror monkey
mother needle office orange palace pencil pepper pillow pocket potato rabbit ribbon saddle school
shadow silver singer sister spider summer tailor temple ticket tomato tunnel turtle valley velvet
violin window winter wizard blanket captain chicken cottage diamond feather giraffe holiday journey kitchen lantern
machine morning orchard penguin popcorn quarter rainbow`.split(/\s+/);
