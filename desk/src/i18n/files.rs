//! What is said about files that are sent.

use super::Messages;
use portico_ui::attachments::Words;

impl Words for Messages {
    fn attach(&self) -> &str {
        self.attach()
    }

    fn drop_here(&self) -> &str {
        self.file_drop()
    }

    fn list(&self) -> &str {
        self.file_list()
    }

    fn remove(&self, name: &str) -> String {
        self.file_remove(name)
    }

    fn again(&self, name: &str) -> String {
        self.file_again(name)
    }

    fn waiting(&self) -> &str {
        self.file_waiting()
    }

    fn uploading(&self, name: &str) -> String {
        self.file_uploading(name)
    }

    fn paused(&self) -> &str {
        self.file_paused()
    }

    fn ready(&self) -> &str {
        self.file_ready()
    }

    fn will_be_sent(&self) -> &str {
        self.file_will_be_sent()
    }

    fn uploaded(&self, name: &str) -> String {
        self.file_uploaded(name)
    }

    fn not_uploaded(&self, name: &str, why: &str) -> String {
        self.file_not_uploaded(name, why)
    }

    fn empty(&self) -> &str {
        self.file_empty()
    }

    fn too_large(&self, most: &str) -> String {
        self.file_too_large(most)
    }

    fn too_many_pixels(&self) -> &str {
        self.file_too_many_pixels()
    }

    fn wrong_type(&self) -> &str {
        self.file_wrong_type()
    }

    fn quota(&self) -> &str {
        self.file_quota()
    }

    fn lost(&self) -> &str {
        self.file_lost()
    }

    fn trouble(&self) -> &str {
        self.file_trouble()
    }

    fn too_many(&self) -> &str {
        self.file_left_out()
    }
}
