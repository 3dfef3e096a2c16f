// SPDX-License-Identifier: EUPL-1.2
#include "sync/model/json_wipe.hpp"

#include <vector>

#include "drivers/base/secret.hpp"

namespace model {

void wipe(Json& json) {
    // The innermost may lie deep: a list of what is still to be done in place of recursion.
    std::vector<Json*> open{&json};
    while (!open.empty()) {
        Json& value = *open.back();
        open.pop_back();
        if (value.is_string()) {
            auto& text = value.get_ref<std::string&>();
            base::wipe_memory(text.data(), text.size());
        } else if (value.is_structured()) {
            for (Json& inner : value) open.push_back(&inner);
        }
    }
}

}  // namespace model
