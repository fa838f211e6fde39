//! A whole relay on a free port, asked over HTTP as browsers, desks and programs ask it. One file for each of those who
//! ask.

mod audit;
mod authorisation;
mod customers;
mod operations;
mod pages;
mod programs;
mod relay;
mod sign_in;
mod sockets;
mod users;
mod visits;
