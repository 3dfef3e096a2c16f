// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at the reader for slips: is there a device where kiosk.json names one. It is not
// opened, because the running kiosk has it for itself, and opening a line wakes some devices up.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "kiosk/ctl/doctor.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

/// Empty: kiosk.json names none, or cannot be read, which another look says.
std::string line_of(const DoctorPlace& place) {
    const auto content = read_file(place.config.string());
    if (!content) return {};
    const auto json = model::parse_json(base::as_text(*content), content->size());
    if (!json || !json->is_object()) return {};
    model::JsonFields fields(*json);
    return fields.has("slip_reader") ? fields.text("slip_reader", 1'024) : std::string{};
}

}  // namespace

void look_at_scanner(Findings& out, const DoctorPlace& place) {
    const std::string path = line_of(place);
    if (path.empty()) {
        out.ok("slip_reader", "reader for slips: none (slip_reader in kiosk.json)");
        return;
    }
    const std::string name = "reader for slips " + path;
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        out.warn("slip_reader", name + ": " + (errno == ENOENT ? "not there" : "cannot be seen"),
                 "plug it in; set it to USB-COM (serial), not to keyboard; the kiosk finds it by "
                 "itself");
    } else if (!S_ISCHR(found.st_mode)) {
        out.bad("slip_reader", name + ": no serial line",
                "name the device, as /dev/ttyACM0, or a link that udev makes");
    } else if (::access(path.c_str(), R_OK) != 0) {
        out.bad("slip_reader", name + ": may not be read by this user",
                "run doctor as the kiosk's user, and put that user into the group dialout");
    } else {
        out.ok("slip_reader", name + ": there");
    }
}

}  // namespace ctl
