// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/errors.hpp"

#include <winscard.h>

#include <algorithm>
#include <array>

namespace pcsc {
namespace {

struct Row {
    long code;
    base::Errc errc;
};

// The header writes the codes as negative 32-bit numbers widened to long, so they compare as they
// come.
constexpr std::array<Row, 26> rows = {{
    {SCARD_W_REMOVED_CARD, base::Errc::card_removed},
    {SCARD_E_NO_SMARTCARD, base::Errc::card_removed},
    {SCARD_E_NOT_TRANSACTED, base::Errc::card_removed},  // first transmit after the card was pulled
    {SCARD_W_RESET_CARD, base::Errc::card_reset},
    {SCARD_E_SHARING_VIOLATION, base::Errc::card_busy},
    {SCARD_F_COMM_ERROR, base::Errc::reader_service_gone},
    {SCARD_E_NO_SERVICE, base::Errc::reader_service_gone},
    {SCARD_E_SERVICE_STOPPED, base::Errc::reader_service_gone},
    {SCARD_E_INVALID_HANDLE, base::Errc::reader_service_gone},  // handles die with the service
    {SCARD_F_INTERNAL_ERROR, base::Errc::reader_service_gone},
    {SCARD_E_UNKNOWN_READER, base::Errc::reader_missing},
    {SCARD_E_READER_UNAVAILABLE, base::Errc::reader_missing},
    {SCARD_E_NO_READERS_AVAILABLE, base::Errc::reader_missing},
    {SCARD_E_INVALID_VALUE, base::Errc::reader_missing},  // of a handle whose reader was unplugged
    {SCARD_W_SECURITY_VIOLATION, base::Errc::reader_access_denied},
    {SCARD_E_NO_ACCESS, base::Errc::reader_access_denied},
    {SCARD_W_UNRESPONSIVE_CARD, base::Errc::card_mute},
    {SCARD_W_UNPOWERED_CARD, base::Errc::card_mute},
    {SCARD_W_UNSUPPORTED_CARD, base::Errc::card_mute},
    {SCARD_E_PROTO_MISMATCH, base::Errc::card_mute},
    {SCARD_E_CARD_UNSUPPORTED, base::Errc::card_mute},
    {SCARD_E_TIMEOUT, base::Errc::card_timeout},
    {SCARD_E_CANCELLED, base::Errc::cancelled},
    {SCARD_E_SYSTEM_CANCELLED, base::Errc::cancelled},
    {SCARD_E_INSUFFICIENT_BUFFER, base::Errc::card_answer_bad},
    {SCARD_E_UNSUPPORTED_FEATURE, base::Errc::reader_feature_missing},
}};

}  // namespace

base::Errc errc_of(long code) {
    const auto* row = std::ranges::find(rows, code, &Row::code);
    return row == rows.end() ? base::Errc::device_failed : row->errc;
}

tl::unexpected<base::Error> fail(long code, const char* where) {
    return base::fail(errc_of(code), where, static_cast<std::uint32_t>(code));
}

}  // namespace pcsc
