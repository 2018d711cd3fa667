mod drafting;
mod formats;
mod hidden;
mod judging;
mod judging_values;
mod reading;
mod safety;
mod understanding;
