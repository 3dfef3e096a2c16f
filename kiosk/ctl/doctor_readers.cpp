// SPDX-License-Identifier: EUPL-1.2
// Doctor's look at the card service, its readers and what lies in them: one line a reader. A card
// is asked for its open file and the state of its PIN, which costs no try.
#include <filesystem>
#include <string>

#include "drivers/apdu/atr.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/eid/pin_management.hpp"
#include "drivers/pcsc/connection.hpp"
#include "drivers/pcsc/context.hpp"
#include "drivers/pcsc/control.hpp"
#include "kiosk/ctl/doctor.hpp"

namespace ctl {
namespace {

namespace fs = std::filesystem;

// A reader that carries this much and less takes short APDUs only (PC/SC part 10 2.6.14).
constexpr std::size_t short_apdu_bytes = 256;

const char* word(eid::PinState state) {
    switch (state) {
        case eid::PinState::blocked:
            return "PIN blocked";
        case eid::PinState::suspended:
            return "PIN suspended, needs the CAN";
        case eid::PinState::two_tries:
            return "two tries left";
        case eid::PinState::three_tries:
            return "three tries left";
        case eid::PinState::deactivated:
            return "PIN deactivated";
    }
    return "PIN state unknown";
}

/// What stands at the end of the line: the reader itself, whatever lies in it.
std::string text_of_reader(const pcsc::ReaderInfo& info) {
    std::string text = "; no pad with PACE";
    if (info.pad && info.pad->eid) {
        text = "; pad with PACE for eID";
    } else if (info.pad && info.pad->pace) {
        text = "; pad with PACE, but not for eID";
    } else if (info.pace_code) {
        text = "; pad that does not tell what it can do";
    }
    if (!info.apdu_bytes) return text + "; size of an APDU not stated";
    return text + "; APDUs of at most " + std::to_string(*info.apdu_bytes) + " bytes";
}

/// What lies in a reader, and what is wrong with it.
struct InReader {
    Verdict verdict = Verdict::ok;
    std::string what;
    std::string remedy = {};
};

InReader look_at_failure(const base::Error& error) {
    switch (error.code) {
        case base::Errc::card_removed:
            return {Verdict::ok, "empty"};
        case base::Errc::card_busy:
            // A running session has its card exclusively: then we only say so.
            return {Verdict::ok, "a program is using the card in it"};
        case base::Errc::card_mute:
            return {Verdict::warn, "something that does not answer",
                    "turn the card, or clean its contacts"};
        default:
            return {Verdict::bad, text_of(error), "plug the reader in again"};
    }
}

InReader look_at_card(const std::string& reader) {
    const auto connection = pcsc::Connection::open(reader);
    if (!connection) return look_at_failure(connection.error());
    pcsc::Connection& card = **connection;
    crypto::SystemRandom random;
    const auto state = eid::read_pin_state({card, random});
    if (!state) {
        return {Verdict::warn,
                "card with ATR " + base::to_hex(card.atr()) + ": " + text_of(state.error()),
                "not an eID card, or one we do not know: freigabectl card pin-status says more"};
    }
    const auto capabilities = apdu::capabilities_of(card.atr());
    const bool long_apdus = !capabilities || capabilities->extended_length;
    return {Verdict::ok, std::string("eID card, ") + word(*state) +
                             (long_apdus ? ", extended length" : ", no extended length")};
}

void look_at_reader(Findings& out, const pcsc::Context& context, const std::string& reader) {
    const auto info = pcsc::describe_reader(context, reader);
    InReader in = info ? look_at_card(reader) : look_at_failure(info.error());
    const std::string line =
        "reader " + reader + ": " + in.what + (info ? text_of_reader(*info) : "");
    const bool short_only = info && info->apdu_bytes && *info->apdu_bytes <= short_apdu_bytes;
    if (in.verdict == Verdict::bad) {
        out.bad("reader", line, in.remedy);
    } else if (in.verdict == Verdict::warn) {
        out.warn("reader", line, in.remedy);
    } else if (short_only) {
        out.warn("reader", line,
                 "reading takes more commands, and some cards refuse: a reader by BSI TR-03119 "
                 "carries extended length");
    } else if (info && info->pace_code && !info->pad) {
        out.warn("reader", line,
                 "renew the reader's firmware or its driver, or type at the screen");
    } else {
        out.ok("reader", line);
    }
}

void report_no_service(Findings& out, const base::Error& error, bool terminal) {
    const std::string what = "card service pcscd: " + text_of(error);
    if (error.code == base::Errc::reader_access_denied) {
        out.bad("pcscd", what, "allow this user in polkit: org.debian.pcsc-lite.access_pcsc");
    } else if (!fs::exists("/usr/sbin/pcscd")) {
        out.bad("pcscd", what, "apt-get install pcscd");
    } else if (terminal) {
        out.bad("pcscd", what, "systemctl start pcscd.socket");
    } else {
        out.warn("pcscd", what, "systemctl start pcscd.socket; ./run demo starts its own");
    }
}

}  // namespace

void look_at_readers(Findings& out, const DoctorPlace& place) {
    const auto context = pcsc::Context::establish();
    if (!context) {
        report_no_service(out, context.error(), !place.state.empty());
        return;
    }
    out.ok("pcscd", "card service pcscd: runs");
    const auto readers = context->readers();
    if (!readers) {
        out.bad("reader", "readers: " + text_of(readers.error()), "restart pcscd");
        return;
    }
    if (readers->empty()) {
        const std::string remedy = "plug in a card reader; lsusb must show it; libccid drives it";
        if (place.state.empty())
            out.warn("reader", "readers: none", remedy);
        else
            out.bad("reader", "readers: none", remedy);
    }
    for (const std::string& reader : *readers) look_at_reader(out, *context, reader);
}

}  // namespace ctl
