mod drafting;
mod formats;
mod judging;
mod reading;
mod safety;
mod understanding;
