mod drafting;
mod judging;
mod reading;
mod safety;
mod understanding;
