//! How alike two words are, for "did you mean".
//!
//! It does not know which words are candidates.

/// The number of letters to add, remove, change or swap with a neighbour, ignoring case.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (letters(a), letters(b));
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = cheapest(&table, &a, &b, i, j);
        }
    }
    table[a.len()][b.len()]
}

/// The known word that is most like this one, if at most this many letters differ.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Option<&'a str> {
    let length = word.chars().count();
    let like = known.into_iter().filter(|known| known.chars().count().abs_diff(length) <= most);
    like.map(|known| (distance(word, known), known)).min().filter(|(apart, _)| *apart <= most).map(|(_, known)| known)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).collect()
}

fn cheapest(table: &[Vec<usize>], a: &[char], b: &[char], i: usize, j: usize) -> usize {
    if i == 0 || j == 0 {
        return i + j;
    }
    let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
    let best = changed.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
    if swapped { best.min(table[i - 2][j - 2] + 1) } else { best }
}
