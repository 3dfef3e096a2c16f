// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/context.hpp"

#include <winscard.h>

#include <array>
#include <chrono>
#include <thread>
#include <type_traits>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/pcsc/errors.hpp"
#include "drivers/pcsc/reader_list.hpp"

namespace pcsc {

static_assert(std::is_same_v<SCARDCONTEXT, RawHandle>);
static_assert(std::is_same_v<SCARDHANDLE, RawHandle>);

base::Result<Context> Context::establish() {
    SCARDCONTEXT handle = 0;
    LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle);
    if (code == static_cast<LONG>(SCARD_E_NO_ACCESS)) {
        // A service that dies while we knock hangs up like one that refuses us: the second knock
        // tells.
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &handle);
    }
    if (code != SCARD_S_SUCCESS) return fail(code, "establish context");
    return Context(handle);
}

base::Result<std::vector<std::string>> Context::readers() const {
    std::array<char, limits::readers_max*(MAX_READERNAME + 1) + 1> names{};
    DWORD size = names.size();
    const LONG code = SCardListReaders(handle_.get(), nullptr, names.data(), &size);
    if (code == SCARD_E_NO_READERS_AVAILABLE) return std::vector<std::string>{};
    if (code != SCARD_S_SUCCESS) return fail(code, "list readers");
    if (size > names.size()) return base::fail(base::Errc::card_answer_bad, "list readers");
    return parse_reader_list(base::as_bytes({names.data(), size}));
}

base::Result<std::vector<std::string>> Context::with_card(
    const std::vector<std::string>& names) const {
    CHECK(names.size() <= limits::readers_max);
    std::vector<std::string> found;
    if (names.empty()) return found;
    std::vector<SCARD_READERSTATE> states;
    for (const std::string& name : names) {
        SCARD_READERSTATE state{};
        state.szReader = name.c_str();
        state.dwCurrentState = SCARD_STATE_UNAWARE;
        states.push_back(state);
    }
    const LONG code = SCardGetStatusChange(handle_.get(), 0, states.data(), states.size());
    if (code != SCARD_S_SUCCESS && code != static_cast<LONG>(SCARD_E_TIMEOUT)) {
        return fail(code, "reader states");
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
        if ((states[i].dwEventState & SCARD_STATE_PRESENT) != 0) found.push_back(names[i]);
    }
    return found;
}

void Context::cancel() const {
    SCardCancel(handle_.get());
}

void release_context(RawHandle handle) {
    SCardReleaseContext(handle);
}

}  // namespace pcsc
