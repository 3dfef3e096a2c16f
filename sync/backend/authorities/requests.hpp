// SPDX-License-Identifier: EUPL-1.2
// What an authority asks a person for: a release of one entry, to be shown to them the next time
// they look at their data. The authority names its own file, so only a person that it has matched
// can be asked. Asking gives it nothing and shows it nothing. Runs on the thread of its store.
#pragma once

#include <string>
#include <string_view>

#include "drivers/port/clock.hpp"
#include "sync/backend/authorities/cases.hpp"

namespace backend {

struct ReleaseRequest {
    base::Uuid id;  ///< the asker's own: the same request again changes nothing
    std::string file_number;
    std::string entry;
    std::string until;  ///< last German day on which it is shown
};
/// {"id","file_number","entry","until"}. errors: message_bad.
base::Result<ReleaseRequest> parse_release_request(std::string_view body);

enum class RequestVerdict : std::uint8_t { kept, not_found, differs };
/// Keeps a request for the person behind the file.
/// errors  message_bad (until lies in the past or more than limits::request_days_max ahead), those
///         of the store.
base::Result<RequestVerdict> ask_for_release(Store& store, std::string_view authority,
                                             const ReleaseRequest& request, std::uint64_t now_ms);

}  // namespace backend
