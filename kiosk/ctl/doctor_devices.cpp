// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at what may stand beside the screen: the reader for slips and the slip printer. Is
// there a device where kiosk.json names one? Neither is opened: the running kiosk has the reader
// for itself, and opening a line wakes some devices up.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "kiosk/ctl/doctor.hpp"
#include "kiosk/ctl/files.hpp"
#include "sync/model/json.hpp"

namespace ctl {
namespace {

struct Device {
    const char* member;  ///< of kiosk.json, and the name of the check
    const char* what;
    int access;
    const char* when_absent;
    const char* which;
    const char* when_denied;
};
constexpr std::array devices{
    Device{"slip_reader", "reader for slips", R_OK,
           "plug it in; set it to USB-COM (serial), not to keyboard; the kiosk finds it by itself",
           "name the device, as /dev/ttyACM0, or a link that udev makes",
           "run doctor as the kiosk's user, and put that user into the group dialout"},
    Device{"printer", "slip printer", W_OK,
           "plug it in and switch it on; until then the codes stay on the screen",
           "name the device, as /dev/usb/lp0, or a link that udev makes",
           "run doctor as the kiosk's user, and put that user into the group lp"}};

/// Empty: kiosk.json names none, or cannot be read, which another look says.
std::string path_in(const DoctorPlace& place, const char* member) {
    const auto content = read_file(place.config.string());
    if (!content) return {};
    const auto json = model::parse_json(base::as_text(*content), content->size());
    if (!json || !json->is_object()) return {};
    model::JsonFields fields(*json);
    return fields.has(member) ? fields.text(member, 1'024) : std::string{};
}

void look_at_device(Findings& out, const Device& device, const std::string& path) {
    if (path.empty()) {
        out.ok(device.member,
               std::string(device.what) + ": none (" + device.member + " in kiosk.json)");
        return;
    }
    const std::string name = std::string(device.what) + ' ' + path;
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) {
        out.warn(device.member, name + ": " + (errno == ENOENT ? "not there" : "cannot be seen"),
                 device.when_absent);
    } else if (!S_ISCHR(found.st_mode)) {
        out.bad(device.member, name + ": no device", device.which);
    } else if (::access(path.c_str(), device.access) != 0) {
        out.bad(device.member, name + ": closed to this user", device.when_denied);
    } else {
        out.ok(device.member, name + ": there");
    }
}

}  // namespace

void look_at_devices(Findings& out, const DoctorPlace& place) {
    for (const Device& device : devices) look_at_device(out, device, path_in(place, device.member));
}

}  // namespace ctl
