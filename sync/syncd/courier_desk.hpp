// SPDX-License-Identifier: EUPL-1.2
// Where syncd is told what to do with a stick, and says what came of it: a folder that the kiosk's
// maintenance screen, a technician's freigabectl and the stick's mount unit write to.
//   export.jws   two people's request (sync/courier/approval.hpp): write everything unsent
//   verify       read the last export back; for the mount unit, after unmounting and mounting again
//   import       take what the backend has put on the stick, and the signed files for every
//   terminal
//                in freigabe/downstream/; needs nobody's agreement, because the kiosk verifies
//                every piece, and because a withdrawal's receipt must not wait
//   result.json  the last thing done:
//     {"action","ok":true,"at_ms", export and verify: "state","files","bytes","more",
//      import: "files","receipts","events","checkpoint","refused":[{"name","errc","why"}],
//              "backend_refused":[{"name","status","type"}],"downstream":true|false,
//              "downstream_errc":0}        true: all that came down to this terminal is there
//     {"action","ok":false,"at_ms","errc","why"}
// A request is put there by rename, is taken away before it is acted on, and is answered once. The
// kiosk's screen shows its own journal's numbers, not these: what is acknowledged, only it knows.
// One thread, the loop's.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/base/handle.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/usb_store.hpp"
#include "sync/outbox/client.hpp"
#include "sync/outbox/unix_socket.hpp"
#include "sync/syncd/courier_state.hpp"

namespace syncd {

class CourierDesk {
  public:
    struct Options {
        base::Uuid terminal;
        std::string stick_path;      ///< where sticks are mounted
        std::string requests_path;   ///< the folder; made if it is missing
        std::string approvers_path;  ///< read anew for each request
        std::string state_path;
    };
    struct Parts {
        outbox::Client& kiosk;
        port::Clock& clock;
        /// Opens the stick for one piece of work. errors: device_absent.
        std::function<base::Result<std::unique_ptr<port::UsbStore>>()> open_stick;
    };
    /// errors  file_io (the folder cannot be made or watched; detail = errno).
    static base::Result<std::unique_ptr<CourierDesk>> open(Options options, Parts parts);

    /// Does what has been asked for, if anything. Blocks on the stick.
    void turn();
    /// Readable when something may have been asked for.
    [[nodiscard]] int descriptor() const { return watch_.get(); }

  private:
    CourierDesk(Options options, Parts parts, outbox::Socket watch);
    /// The text of a request, which is taken away; nothing if there is none.
    std::optional<base::Result<std::string>> take_request(const char* name);
    base::Result<std::string> do_export(std::string_view request);
    base::Result<std::string> do_verify();
    base::Result<std::string> do_import();
    base::Result<bool> take_downstream();
    void answer(std::string_view action, const base::Result<std::string>& members);
    [[nodiscard]] std::string path_of(std::string_view name) const;

    Options options_;
    Parts parts_;
    CourierState state_;
    outbox::Socket watch_;
};

}  // namespace syncd
