mod drafting;
mod formats;
mod hidden;
mod judging;
mod reading;
mod safety;
mod understanding;
